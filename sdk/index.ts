export { BaseInstall, type BaseInstallArgs, type ZfsArgs } from "./baseInstall";
export type { ConnectionArgs, ProxyConnectionArgs } from "./connection";
export {
  type FileAttributes,
  Flavor,
  type FlavorArgs,
  type FlavorFile,
  type PkgRepositoryArgs,
  type ResolvConfArgs,
  type SshUserArgs,
  type UserArgs,
} from "./flavor";
export { type EncryptionArgs, type ImageArgs, ImageJail, type ImageJailArgs } from "./imageJail";
export type { HealthCheckArgs, InsideArgs, ServiceArgs } from "./inside";
export { Jail, type JailArgs } from "./jail";
export { JailArchive, type JailArchiveArgs, type KeepArgs } from "./jailArchive";
export { JailGroup, type JailGroupArgs } from "./jailGroup";
export type {
  FdescfsMount,
  JailMountsArgs,
  LinprocfsMount,
  MountArgs,
  NullfsMount,
  ProcfsMount,
  TmpfsMount,
} from "./jailMounts";
export type { JailNetworkArgs, VnetArgs } from "./jailNetwork";
export type { JailParameter, JailSettingsArgs } from "./jailSettings";
export { LoopbackInterface, type LoopbackInterfaceArgs } from "./loopbackInterface";
export { PfNatRule, type PfNatRuleArgs, type PfPort, type PfProtocol } from "./pfNatRule";
export type { CommonArgs } from "./resource";
