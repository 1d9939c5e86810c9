"""The demo: what `make run` starts, its accounts and cameras, and a made-up past judged by the real rule."""
