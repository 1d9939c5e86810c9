"""What a picture shows, as arithmetic on pixels and boxes. No camera, no model, no database.

Owns geometry (frames, boxes, zones), the judgement whether a picture is fit to be judged at all (dark, covered,
frozen, blurred, moved), the comparison of a zone with an earlier picture, and small forms of pictures.

Called by detect and watch for each picture, by setup where an operator draws and compares.
"""
