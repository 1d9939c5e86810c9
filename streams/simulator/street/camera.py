"""A simulated camera on a pole: it shows its street as far as there is footage of it."""

from streams.simulator.camera import SimulatedCamera
from streams.simulator.clips import FootageClip
from streams.simulator.onvif_ptz import PtzHead
from streams.simulator.scenes import CameraAct, SimulatedFault
from streams.simulator.street.scenes import StreetLight, StreetScene, clip_name
from streams.simulator.street.turning import StreetView, turned_name, view_at

_INSTEAD = {  # lights by what is next best
    StreetLight.DAY: (StreetLight.RAIN,),
    StreetLight.DUSK: (StreetLight.DAY,),
    StreetLight.NIGHT: (),
    StreetLight.RAIN: (StreetLight.DAY,),
}
# What needs footage of its own and has none of streets.
_UNSEEN = {
    SimulatedFault.BLUR,
    SimulatedFault.SHIFT,
    SimulatedFault.SCENE,
    SimulatedFault.RESOLUTION,
    SimulatedFault.LONG_GOP,
}


class SimulatedStreetCamera(SimulatedCamera):
    """A camera over a street. Scenes are StreetScene, and `light` may be set as well.

    With a `head` it shows what its motor points at, as far as there is footage of its street from there.
    """

    head: PtzHead | None = None
    _view = StreetView.HOME

    def shows(self, scene: StreetScene) -> bool:
        """Return whether there is footage of this scene on its street, in any light."""
        return any(self._library.has(self.layout, clip_name(scene, light)) for light in StreetLight)

    def can(self, fault: SimulatedFault) -> bool:
        """Return whether the camera can have this fault."""
        return fault not in _UNSEEN

    def tick(self, label: str, at_unix_s: float, lost: int = 0) -> None:
        """Turn where the motor points, and send the next picture."""
        if self.head and self.act.fault not in (SimulatedFault.FREEZE, SimulatedFault.FREEZE_CLOCK):
            view = view_at(self.head.position)
            if view is not self._view:
                self._view = view
                self._go_on_with(self._clip_for(self.act))
        super().tick(label, at_unix_s, lost)

    def _go_on_with(self, clip: FootageClip) -> None:
        """Show another clip from the same moment of its loop, from a keyframe on."""
        at = min(max(self._index, 0), len(clip.pictures) - 1)
        self._cut(clip)
        self._index = clip.key_before(at) - 1

    def _clip_for(self, act: CameraAct) -> FootageClip:
        if act.light is None or act.fault in (SimulatedFault.DARK, SimulatedFault.COVER):
            return super()._clip_for(act)
        if self._view is not StreetView.HOME:
            for light in (act.light, *_INSTEAD[act.light]):
                name = turned_name(clip_name(StreetScene.FLOW, light), self._view)
                if self._library.has(self.layout, name):
                    return self._library.clip(self.layout, name)
        for scene in (act.scene, StreetScene.FLOW):
            for light in (act.light, *_INSTEAD[act.light]):
                if self._library.has(self.layout, name := clip_name(scene, light)):
                    return self._library.clip(self.layout, name)
        return super()._clip_for(act)
