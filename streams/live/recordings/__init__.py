"""The player of recordings: who may see them, a camera's days, playlists over the minute files, previews.

Writing them is streams.evidence.recording. Everything that shows pictures goes through access_log.log_recording.
"""
