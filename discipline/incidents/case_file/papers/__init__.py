"""The papers of a case: the berita acara, the receipt of its handover, its clocks in words, and the ZIP of all."""
