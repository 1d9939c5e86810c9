"""People on pictures: where they are, and how well that is found out.

Owns the Detector interface (api.py), the detectors by name (registry.py), the cascade of models that is the present
detector (ssd_pose.py), the files of its models (model_files.py), and the two runtimes, each in one file: OpenVINO
(openvino_runtime.py) and MediaPipe (face_mediapipe.py). faces.py finds the heads that are hidden from viewers; no
detector may import it. Called by streams.watch at every look, by streams.evidence and discipline.spotchecks to hide
faces, and by `manage.py evaluate` to count mistakes on labelled footage.

To add a detector, write a file with a function like `ssd_pose.load` and add its line to registry.py.
"""
