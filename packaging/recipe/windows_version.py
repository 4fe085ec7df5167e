"""What Windows shows of the executables under Properties, Details."""

import re

_RESOURCE = """\
VSVersionInfo(
  ffi=FixedFileInfo(
    filevers={numbers}, prodvers={numbers}, mask=0x3F, flags={flags}, OS=0x40004, fileType=1, subtype=0
  ),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('CompanyName', 'The mbgui authors'),
      StringStruct('FileDescription', 'mbgui'),
      StringStruct('FileVersion', {version!r}),
      StringStruct('InternalName', 'mbgui'),
      StringStruct('LegalCopyright', 'The mbgui authors. MIT License.'),
      StringStruct('ProductName', 'mbgui'),
      StringStruct('ProductVersion', {version!r}),
    ])]),
    VarFileInfo([VarStruct('Translation', [0x409, 1200])]),
  ],
)
"""
_PRERELEASE = 0x2
"""VS_FF_PRERELEASE (verrsrc.h)."""


def version_resource(version: str) -> str:
    """The text of the file that PyInstaller's `EXE(version=…)` takes."""
    match = re.match(r"\d+(?:\.\d+){0,3}", version)
    release = match[0] if match else ""
    numbers = tuple(map(int, release.split("."))) if release else ()
    flags = 0 if release == version else _PRERELEASE
    return _RESOURCE.format(numbers=(*numbers, *[0] * (4 - len(numbers))), version=version, flags=hex(flags))
