"""An RTSP 1.0 client on an event loop: one thread reads all cameras.

The protocol's parts do no I/O: messages, login and sdp, put together by session; stream puts RTP to pictures.
loop.py holds the thread, line.py and udp.py the sockets, connection.py all of one camera.
"""
