; The installer for Windows: for the current user, without an administrator. Inno Setup 6.3 or newer compiles it:
;   iscc /DAppVersion=0.1.0 /DBundle=dist\mbgui /DIcons=build\icons /DOutput=dist packaging\windows\mbgui.iss
; Paths are whole or start at the root of the checkout.
#ifndef AppVersion
  #error Say which version this is: /DAppVersion=0.1.0
#endif
#ifndef Bundle
  #error Say where the folder with mbgui.exe is: /DBundle=dist\mbgui
#endif
#ifndef Icons
  #error Say where mbgui.ico and mbgui-snapshot.ico are: /DIcons=build\icons
#endif
#ifndef Output
  #define Output "dist"
#endif

[Setup]
; what tells a newer version that it replaces an older one: never change it
AppId={{7D2E6B0C-4E0B-4C53-9E51-3B6C0C4F9A27}
AppName=mbgui
AppVersion={#AppVersion}
AppPublisher=The mbgui authors
SourceDir={#SourcePath}..\..
OutputDir={#Output}
OutputBaseFilename=mbgui-{#AppVersion}-windows-amd64-setup
SetupIconFile={#Icons}\mbgui.ico
UninstallDisplayIcon={app}\mbgui.exe
LicenseFile=LICENSE
PrivilegesRequired=lowest
DefaultDirName={autopf}\mbgui
DisableProgramGroupPage=yes
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
CloseApplications=yes
WizardStyle=modern
Compression=lzma2/normal
LZMAUseSeparateProcess=yes

[Tasks]
Name: desktopicon; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: association; Description: "{cm:AssocFileExtension,mbgui,.mbsnap}"

[InstallDelete]
; libraries of the version before would be found beside the new ones
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Bundle}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs
Source: "{#Icons}\mbgui-snapshot.ico"; DestDir: "{app}"; Flags: ignoreversion

[Icons]
Name: "{autoprograms}\mbgui"; Filename: "{app}\mbgui.exe"
Name: "{autodesktop}\mbgui"; Filename: "{app}\mbgui.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\mbgui.snapshot"; ValueType: string; ValueData: "mbgui snapshot"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\mbgui.snapshot\DefaultIcon"; ValueType: string; ValueData: "{app}\mbgui-snapshot.ico"
Root: HKA; Subkey: "Software\Classes\mbgui.snapshot\shell\open\command"; ValueType: string; ValueData: """{app}\mbgui.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\.mbsnap\OpenWithProgids"; ValueType: string; ValueName: "mbgui.snapshot"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\.mbsnap"; ValueType: string; ValueData: "mbgui.snapshot"; Flags: uninsdeletevalue uninsdeletekeyifempty; Tasks: association
Root: HKA; Subkey: "Software\Classes\.mbsnap"; ValueType: string; ValueName: "Content Type"; ValueData: "application/x-mbgui-snapshot"; Flags: uninsdeletevalue; Tasks: association

[Run]
Filename: "{app}\mbgui.exe"; Description: "{cm:LaunchProgram,mbgui}"; Flags: nowait postinstall skipifsilent
