"""Checks of the packages that locks/ names: known vulnerabilities and licences. Run by make audit and make licences."""
