"""The demo: the launcher of `make run`, its accounts and cameras, and a made-up history judged by the real rule."""
