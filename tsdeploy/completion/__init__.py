"""What a shell offers when Tab is pressed. It is asked at each press, so nothing slow is imported here."""
