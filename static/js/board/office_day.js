// The page with an earlier day of an office.
import { scrubber } from "./day.js";

scrubber(document.getElementById("day"), { past: true });
