// The page of an indication, and that of a finding, which has the same panel.
import { followDecision } from "./decision.js";
import { followWhy } from "./why.js";

followDecision(document);
if (document.getElementById("why-head")) followWhy(location.href);
