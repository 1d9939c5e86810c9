"""Live video: one connection to a camera, many viewers.

camera_reader.py reads a camera for its viewers, fanout.py shares one connection among them, send_window.py lets a
slow viewer skip to the newest keyframe, consumers.py is the websocket. Owns the log of who viewed what, when and why.

Called by the board, the office page, the wall and spot checks; the log is read by the inspectorate.
"""
