"""The trade's figures: rates, ranking, sizes, times and forecasts, as pure functions of what happened."""
