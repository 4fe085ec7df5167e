"""What macOS is told of the app: its versions, and that it opens snapshots."""

import re

from recipe.desktop_files import MIME_TYPE

SNAPSHOT_ICON = "mbgui-snapshot.icns"
"""Of `export_icons`; it has to lie in the app's `Contents/Resources`."""


def info_plist(version: str, identifier: str) -> dict[str, object]:
    """The entries of `Info.plist` beyond those that PyInstaller writes.

    Args:
        version: of mbgui, as Python writes it.
        identifier: the app's, in reverse-DNS form; the type of snapshots is named below it.
    """
    snapshot_type = f"{identifier}.snapshot"
    return {
        "CFBundleDisplayName": "mbgui",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": _numbers(version),
        "LSApplicationCategoryType": "public.app-category.developer-tools",
        "NSHighResolutionCapable": True,
        "NSPrincipalClass": "NSApplication",
        "NSRequiresAquaSystemAppearance": False,  # it follows the dark appearance
        "NSHumanReadableCopyright": "© The mbgui authors. MIT License.",
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "mbgui snapshot",
                "CFBundleTypeRole": "Editor",
                "CFBundleTypeIconFile": SNAPSHOT_ICON,
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [snapshot_type],
            }
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": snapshot_type,
                "UTTypeDescription": "mbgui snapshot",
                "UTTypeIconFile": SNAPSHOT_ICON,
                "UTTypeConformsTo": ["public.json"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": ["mbsnap"],
                    "public.mime-type": [MIME_TYPE],
                },
            }
        ],
    }


def _numbers(version: str) -> str:
    """The first three numbers of a version: macOS takes no letters."""
    return ".".join(re.findall(r"\d+", version)[:3])
