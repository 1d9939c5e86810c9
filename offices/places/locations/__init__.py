"""The city's areas, their offices, street points and agencies: all of `places` but what is watched there."""
