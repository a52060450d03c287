import type { Declared } from "./actor";
import type { Row } from "./operations";

/** A pool on a file, as an administrator makes it. */
const pool =
  "sysrc zfs_enable=YES; kldload -n zfs; truncate -s 400m /usr/pool.img; zpool create -m none tank /usr/pool.img; sync";

/** The same, with data of the administrator's. */
const data = `${pool.replace(/; sync$/, "")}; zfs create -p -o mountpoint=/usr/data tank/data/web; echo mine >/usr/data/file; sync`;
const handed = { datasets: ["tank/data/web"], enforceStatfs: 1 };

/** An archive of a jail that is gone, as JailArchive leaves it. */
const snapshotByHand = `set=tank/jails/archive.web-20261122T101500Z.zfs file=/usr/jails/archive/web-20261122T101500Z.zfs
mkdir -p -m 700 /usr/jails/archive
zfs create -o mountpoint=$file -o pulumi-freebsd-jails:kind=archive $set
cp -a /usr/jails/template/*/. $file; echo then >$file/root/data
zfs set readonly=on canmount=noauto $set; zfs unmount $set; rmdir $file
printf '%s\\n' format=1 jail=web release=13.2-RELEASE architecture=amd64 created=1795342500 kilobytes=5000 dataset=$set >$file.manifest
sync`;

const path = (trigger: string) => `/usr/jails/sharedfs/13.2-RELEASE-${trigger}`;
const base = (props: Declared["props"] = {}): Declared => ({
  kind: "baseInstall",
  name: "base",
  props: {
    release: "13.2-RELEASE",
    source: "file:///usr/freebsd-dist/base.txz",
    storage: { zfs: "tank/jails" },
    ...props,
  },
});
const jail = (props: Declared["props"] = {}, name = "web"): Declared => ({
  kind: "jail",
  name,
  props: { base: path("e014db68"), inherit: true, ...props },
});

const shots = (props: Declared["props"] = {}): Declared => ({
  kind: "jailArchive",
  name: "shots",
  props: { jail: "web", snapshot: true, onDelete: "destroy", ...props },
});

/** The operations of `operations`, where they differ on ZFS. */
export const zfsOperations: readonly Row[] = [
  { name: "a base is made in data sets", first: pool, beside: [], after: base() },
  {
    name: "a base gets another compression",
    first: pool,
    beside: [],
    before: base(),
    after: base({ storage: { zfs: { dataset: "tank/jails", compression: "lz4" } } }),
  },
  { name: "a base in data sets is deleted", first: pool, beside: [], before: base() },
  { name: "a jail is created as a clone", first: pool, beside: [base()], after: jail({ quota: "100m" }) },
  {
    name: "a clone gets a quota",
    first: pool,
    beside: [base()],
    before: jail(),
    after: jail({ quota: "50m" }),
  },
  { name: "a clone is renamed", first: pool, beside: [base()], before: jail(), after: jail({}, "shop") },
  { name: "a clone is deleted", first: pool, beside: [base()], before: jail() },
  {
    name: "a base goes that somebody has cloned",
    first: pool,
    beside: [],
    before: base(),
    meanwhile:
      "set=tank/jails/template.$(ls /usr/jails/template); zfs snapshot $set@s; zfs clone -o mountpoint=/usr/theirs $set@s tank/theirs",
    changesForGood: true,
  },
  {
    name: "a jail is deleted that others are clones of",
    first: pool,
    beside: [base(), jail({ inherit: false }, "other")],
    before: jail(),
    meanwhile: "zfs promote tank/jails/web",
    changesForGood: true,
  },
  { name: "a jail gets a data set", first: data, beside: [base()], before: jail(), after: jail(handed) },
  { name: "a jail is created with a data set", first: data, beside: [base()], after: jail(handed) },
  { name: "a jail gives a data set back", first: data, beside: [base()], before: jail(handed), after: jail() },
  { name: "a jail with a data set is deleted", first: data, beside: [base()], before: jail(handed) },
  { name: "a clone is archived as a snapshot", first: pool, beside: [base(), jail()], after: shots() },
  {
    name: "a clone is archived as a snapshot once more",
    first: pool,
    beside: [base(), jail()],
    before: shots(),
    after: shots({ trigger: 1, keep: 1 }),
  },
  {
    name: "archives are deleted that are snapshots",
    first: pool,
    beside: [base(), jail()],
    before: shots(),
    meanwhile: "zfs promote $(zfs list -H -o name -r tank | grep /archive.)",
  },
  {
    name: "a jail is restored from a snapshot",
    first: pool,
    beside: [base()],
    host: snapshotByHand,
    after: jail({ restore: "/usr/jails/archive/web-20261122T101500Z.zfs" }),
  },
  {
    name: "a jail is made like a snapshot",
    first: pool,
    beside: [base()],
    host: snapshotByHand,
    after: jail({ template: "/usr/jails/archive/web-20261122T101500Z.zfs" }, "shop"),
  },
];
