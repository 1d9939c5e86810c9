"""Static files by hashed names: also the modules that modules import, so that a browser may keep all of them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTED = r"""(?P<matched>(?P<how>\bfrom |\bimport |\bimport\()"(?P<url>\.\.?/[\w/-]+\.js)")"""


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Rewrites what our modules import, as it does url() in styles. Modules that import each other fail loudly here.

    Django's own support_js_module_import_aggregation reads every library too, and finds imports in their comments.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((IMPORTED, """%(how)s"%(url)s\""""),)),
    )
