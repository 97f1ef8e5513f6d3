"""The functions of ThoughtSpot's formulas. Source: its formula function reference."""

from __future__ import annotations

from typing import Final

_AGGREGATES = """
approx_set_cardinality average average_if count count_if count_not_null first_value first_value_in_period
last_value last_value_in_period max max_if median min min_if percentile rank rank_percentile stddev stddev_if sum
sum_if top unique_count unique_count_if variance variance_if
cumulative_average cumulative_max cumulative_min cumulative_sum
moving_average moving_max moving_min moving_sum
group_aggregate group_average group_count group_max group_min group_stddev group_sum group_unique_count
group_variance query_filters query_groups attribute_groups
"""
_CONVERSIONS = "to_bool to_date to_date_time to_double to_integer to_string to_time"
_DATES = """
add_days add_hours add_minutes add_months add_quarters add_seconds add_weeks add_years date day
day_number_of_month day_number_of_quarter day_number_of_week day_number_of_year day_of_week diff_days diff_hours
diff_minutes diff_months diff_quarters diff_seconds diff_time diff_weeks diff_years end_of_month end_of_quarter
end_of_week end_of_year hour_of_day is_weekend last_day_of_month last_day_of_quarter last_day_of_week
last_day_of_year minute_of_hour month month_name month_number month_number_of_quarter now quarter_number
second_of_minute start_of_day start_of_hour start_of_min start_of_minute start_of_month start_of_quarter
start_of_week start_of_year time today week_number_of_month week_number_of_quarter week_number_of_year year
year_name
"""
_NUMBERS = """
abs acos asin atan atan2 cbrt ceil cos cube exp exp2 floor greatest least ln log10 log2 mod pow random round
safe_divide sign sin spherical_distance sq sqrt tan
"""
_TEXTS = """
concat contains edit_distance edit_distance_with_cap left lower ltrim replace right rtrim similar_to similarity
sounds_like spells_like string_match_score strlen strpos substr trim upper begins_with ends_with
"""
_LOGIC = "and else if ifnull in isnull not or then case when between like"
_PASSED_THROUGH = """
sql_bool_op sql_date_op sql_date_time_op sql_double_op sql_int_op sql_string_op sql_time_op sql_timestamp_op
sql_bool_aggregate_op sql_date_aggregate_op sql_date_time_aggregate_op sql_double_aggregate_op
sql_int_aggregate_op sql_number_aggregate_op sql_string_aggregate_op sql_time_aggregate_op
sql_timestamp_aggregate_op
"""
_VARIABLES = "ts_groups ts_groups_int ts_username ts_var"

FUNCTIONS: Final = frozenset(
    " ".join((_AGGREGATES, _CONVERSIONS, _DATES, _NUMBERS, _TEXTS, _LOGIC, _PASSED_THROUGH, _VARIABLES)).split()
)
"""Every word that may stand in front of a parenthesis, in lower case."""

ARGUMENTS: Final = {
    "atan2": 2,
    "contains": 2,
    "edit_distance": 2,
    "edit_distance_with_cap": 3,
    "ifnull": 2,
    "isnull": 1,
    "left": 2,
    "mod": 2,
    "pow": 2,
    "right": 2,
    "safe_divide": 2,
    "sqrt": 1,
    "strlen": 1,
    "strpos": 2,
    "substr": 3,
}
"""How many arguments a function takes, where it takes as many always."""
