"""temporary"""
import numpy as np


def signature(image):
    return np.ascontiguousarray(image[::10, ::10, 1][:36, :64])


class Quality:
    def __init__(self, reference=None):
        pass

    def judge(self, image, at):
        return None
