"""Tags for what a report's page repeats most; cells.py and place_rows.py in reports/pages say what each returns."""

from django import template

from discipline.reports.pages import cells, place_rows

register = template.Library()

register.simple_tag(cells.calendar_cells)
register.simple_tag(cells.calendar_rows)
register.simple_tag(cells.heat_cells)
register.simple_tag(cells.heat_rows)
register.simple_tag(place_rows.part_rows)
register.simple_tag(place_rows.praised)
register.simple_tag(place_rows.sparkline)
register.simple_tag(place_rows.standouts, name="standout_list")
register.simple_tag(cells.trend_dots)
register.simple_tag(cells.trend_ground)
register.simple_tag(cells.trend_rows)
