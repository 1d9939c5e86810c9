"""The list of street points and the page of one, with the state of their cameras, for those who may see them."""
