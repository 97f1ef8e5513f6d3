"""TML as the sandbox keeps and shows it: text that is spliced, never dumped."""
