"""The articles of bylaws that case files name: entered, corrected and ended, with who did it and why."""
