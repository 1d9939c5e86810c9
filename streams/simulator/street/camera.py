"""A simulated camera on a pole: it shows its street as far as there is footage of it."""

from streams.simulator.camera import SimulatedCamera
from streams.simulator.clips import FootageClip
from streams.simulator.scenes import CameraAct, SimulatedFault
from streams.simulator.street.scenes import StreetLight, StreetScene, clip_name

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
    """A camera over a street. Scenes are StreetScene, and `light` may be set as well."""

    def shows(self, scene: StreetScene) -> bool:
        """Return whether there is footage of this scene on its street, in any light."""
        return any(self._library.has(self.layout, clip_name(scene, light)) for light in StreetLight)

    def can(self, fault: SimulatedFault) -> bool:
        """Return whether the camera can have this fault."""
        return fault not in _UNSEEN

    def _clip_for(self, act: CameraAct) -> FootageClip:
        if act.light is None or act.fault in (SimulatedFault.DARK, SimulatedFault.COVER):
            return super()._clip_for(act)
        for scene in (act.scene, StreetScene.FLOW):
            for light in (act.light, *_INSTEAD[act.light]):
                if self._library.has(self.layout, name := clip_name(scene, light)):
                    return self._library.clip(self.layout, name)
        return super()._clip_for(act)
