"""Street points beside the offices: on the board, its map and the wall. Their numbers are never counted with offices'.

A row has the state of a point's cameras, and whether it is closed to the public; nothing here judges attendance. Pages
show the rows, and scripts ask for them again every REFRESH_S.
"""
