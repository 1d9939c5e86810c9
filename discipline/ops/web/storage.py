"""Serve static files under hashed names, imported JavaScript modules too, so that browsers may cache all of them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTED = r"""(?P<matched>(?P<how>\bfrom |\bimport |\bimport\()"(?P<url>\.\.?/[\w/-]+\.js)")"""


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """Rewrites imports in our modules, like url() in style sheets. Raises an error when modules import each other.

    Django's support_js_module_import_aggregation also reads third-party libraries and finds imports in their comments.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((IMPORTED, """%(how)s"%(url)s\""""),)),
    )
