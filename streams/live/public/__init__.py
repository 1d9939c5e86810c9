"""The public's view of street points: which are shown, what each is right now, and its pictures without a login.

An interior is never public: a public point is a place of kind "point" with a camera of that place, which the database
checks too. Owns the rows of what is public, its closures and the log of both.
"""
