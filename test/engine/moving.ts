/** One thing in /etc or beside it: what the old template has, what the new one has, what the jail made of the old, and what is there after. */
export interface Case {
  readonly name: string;
  /** Shell in the template's folder. */
  readonly old?: string;
  readonly new?: string;
  /** Shell in the jail's root. */
  readonly jail?: string;
  /** Shell in the jail's root, after it has moved, and what it says. */
  readonly look: string;
  readonly says: string;
  /** The path that is reported as kept. */
  readonly kept?: string;
}

const lines = (file: string, ...text: readonly string[]) =>
  `printf '${text.map((line) => `${line}\\n`).join("")}' > ${file}`;
const abc = (file: string) => lines(file, "a", "b", "c", "d", "e", "f", "g");
const user = (name: string, uid: number, shell: string) => `${name}:*:${uid}:${uid}::0:0:${name}:/nonexistent:${shell}`;
const passwd = (edit: string) =>
  `sed -e '${edit}' etc/master.passwd > etc/mp && cat etc/mp > etc/master.passwd && rm etc/mp`;

/** 40 of them. */
export const cases: readonly Case[] = [
  // Untouched by the jail.
  { name: "a changed file follows", old: "echo 1 > etc/m1", new: "echo 2 > etc/m1", look: "cat etc/m1", says: "2" },
  { name: "an added file comes", new: "echo new > etc/m2", look: "cat etc/m2", says: "new" },
  { name: "a removed file goes", old: "echo old > etc/m3", look: "ls etc/m3 2>&1 | grep -c 'No such'", says: "1" },
  {
    name: "a changed mode follows",
    old: "echo x > etc/m4; chmod 644 etc/m4",
    new: "echo x > etc/m4; chmod 600 etc/m4",
    look: "stat -f %Lp etc/m4",
    says: "600",
  },
  {
    name: "a changed owner follows",
    old: "echo x > etc/m5",
    new: "echo x > etc/m5; chown 53:53 etc/m5",
    look: "stat -f %u:%g etc/m5",
    says: "53:53",
  },
  {
    name: "a changed link follows",
    old: "ln -s one etc/m6",
    new: "ln -s two etc/m6",
    look: "readlink etc/m6",
    says: "two",
  },
  {
    name: "an added folder comes with what is in it",
    new: "mkdir -m 750 etc/m7; echo in > etc/m7/file",
    look: "stat -f %Lp etc/m7; cat etc/m7/file",
    says: "750\nin",
  },
  {
    name: "a removed folder goes",
    old: "mkdir etc/m8; echo x > etc/m8/file",
    look: "ls -d etc/m8 2>&1 | grep -c 'No such'",
    says: "1",
  },
  {
    name: "a file becomes a link",
    old: "echo x > etc/m9",
    new: "ln -s hosts etc/m9",
    look: "readlink etc/m9",
    says: "hosts",
  },
  {
    name: "a link becomes a file",
    old: "ln -s hosts etc/m10",
    new: "echo file > etc/m10",
    look: "cat etc/m10; readlink etc/m10",
    says: "file",
  },
  {
    name: "a file becomes a folder",
    old: "echo x > etc/m11",
    new: "mkdir etc/m11; echo in > etc/m11/a",
    look: "cat etc/m11/a",
    says: "in",
  },
  {
    name: "a folder's mode follows",
    old: "mkdir -m 755 etc/m12",
    new: "mkdir -m 700 etc/m12",
    look: "stat -f %Lp etc/m12",
    says: "700",
  },
  {
    name: "a binary file follows",
    old: "printf 'a\\000b' > etc/m13",
    new: "printf 'a\\000c' > etc/m13",
    look: "od -An -c etc/m13 | tr -d ' \\n'",
    says: "a\\0c",
  },
  {
    name: "what lies in /root follows",
    old: "echo 1 > root/m14",
    new: "echo 2 > root/m14",
    look: "cat root/m14",
    says: "2",
  },
  {
    name: "what lies in /var follows",
    old: "echo 1 > var/m15",
    new: "echo 2 > var/m15",
    look: "cat var/m15",
    says: "2",
  },
  // Changed by the jail alone.
  {
    name: "the jail's change stays",
    old: "echo 1 > etc/m16",
    new: "echo 1 > etc/m16",
    jail: "echo mine > etc/m16",
    look: "cat etc/m16",
    says: "mine",
  },
  { name: "the jail's own file stays", jail: "echo mine > etc/m17", look: "cat etc/m17", says: "mine" },
  {
    name: "what the jail has removed stays away",
    old: "echo 1 > etc/m18",
    new: "echo 1 > etc/m18",
    jail: "rm etc/m18",
    look: "ls etc/m18 2>&1 | grep -c 'No such'",
    says: "1",
  },
  {
    name: "the jail's own file in a folder that goes keeps the folder",
    old: "mkdir etc/m19; echo x > etc/m19/a",
    jail: "echo mine > etc/m19/b",
    look: "ls etc/m19",
    says: "b",
  },
  {
    name: "the jail's mode stays, and the text follows",
    old: "echo 1 > etc/m20",
    new: "echo 2 > etc/m20",
    jail: "chmod 600 etc/m20",
    look: "stat -f %Lp etc/m20; cat etc/m20",
    says: "600\n2",
  },
  {
    name: "the jail's mode stays where the owner changes",
    old: "echo 1 > etc/m21",
    new: "echo 1 > etc/m21; chown 53 etc/m21",
    jail: "chmod 600 etc/m21",
    look: "stat -f %Lp:%u etc/m21",
    says: "600:53",
  },
  // Changed by both.
  {
    name: "both made the same change",
    old: "echo 1 > etc/m22",
    new: "echo 2 > etc/m22",
    jail: "echo 2 > etc/m22",
    look: "cat etc/m22",
    says: "2",
  },
  {
    name: "both added the same file",
    new: "echo 2 > etc/m23",
    jail: "echo 2 > etc/m23",
    look: "cat etc/m23",
    says: "2",
  },
  {
    name: "both removed it",
    old: "echo 1 > etc/m24",
    jail: "rm etc/m24",
    look: "ls etc/m24 2>&1 | grep -c 'No such'",
    says: "1",
  },
  {
    name: "lines apart are merged",
    old: abc("etc/m25"),
    new: lines("etc/m25", "A", "b", "c", "d", "e", "f", "g"),
    jail: lines("etc/m25", "a", "b", "c", "d", "e", "f", "G"),
    look: "tr -d '\\n' < etc/m25",
    says: "AbcdefG",
  },
  {
    name: "lines that were added and removed apart are merged",
    old: abc("etc/m26"),
    new: lines("etc/m26", "0", "a", "b", "c", "d", "e", "f", "g"),
    jail: lines("etc/m26", "a", "b", "c", "e", "f", "g", "h"),
    look: "tr -d '\\n' < etc/m26",
    says: "0abcefgh",
  },
  {
    name: "the same change and another are merged",
    old: abc("etc/m27"),
    new: lines("etc/m27", "A", "b", "c", "D", "e", "f", "g"),
    jail: lines("etc/m27", "A", "b", "c", "d", "e", "f", "G"),
    look: "tr -d '\\n' < etc/m27",
    says: "AbcDefG",
  },
  {
    name: "a missing line break at the end stays missing",
    old: abc("etc/m28"),
    new: lines("etc/m28", "A", "b", "c", "d", "e", "f", "g"),
    jail: "printf 'a\\nb\\nc\\nd\\ne\\nf\\ng\\nh' > etc/m28",
    look: "od -An -c etc/m28 | tr -d ' \\n'",
    says: "A\\nb\\nc\\nd\\ne\\nf\\ng\\nh",
  },
  {
    name: "the same line changed by both: the jail's stays",
    old: abc("etc/m29"),
    new: lines("etc/m29", "a", "b", "X", "d", "e", "f", "g"),
    jail: lines("etc/m29", "a", "b", "Y", "d", "e", "f", "g"),
    look: "tr -d '\\n' < etc/m29",
    says: "abYdefg",
    kept: "/etc/m29",
  },
  {
    name: "lines that touch: the jail's stay",
    old: abc("etc/m30"),
    new: lines("etc/m30", "a", "b", "X", "d", "e", "f", "g"),
    jail: lines("etc/m30", "a", "b", "c", "Y", "e", "f", "g"),
    look: "tr -d '\\n' < etc/m30",
    says: "abcYefg",
    kept: "/etc/m30",
  },
  {
    name: "a binary file changed by both: the jail's stays",
    old: "printf 'a\\000b\\n' > etc/m31",
    new: "printf 'a\\000c\\n' > etc/m31",
    jail: "printf 'b\\000b\\n' > etc/m31",
    look: "od -An -c etc/m31 | tr -d ' \\n'",
    says: "b\\0b\\n",
    kept: "/etc/m31",
  },
  {
    name: "changed by the jail, gone from the new base: it stays",
    old: "echo 1 > etc/m32",
    jail: "echo mine > etc/m32",
    look: "cat etc/m32",
    says: "mine",
    kept: "/etc/m32",
  },
  {
    name: "removed by the jail, changed by the new base: it stays away",
    old: "echo 1 > etc/m33",
    new: "echo 2 > etc/m33",
    jail: "rm etc/m33",
    look: "ls etc/m33 2>&1 | grep -c 'No such'",
    says: "1",
    kept: "/etc/m33",
  },
  {
    name: "made by both, another each: the jail's stays",
    new: "echo theirs > etc/m34",
    jail: "echo mine > etc/m34",
    look: "cat etc/m34",
    says: "mine",
    kept: "/etc/m34",
  },
  {
    name: "a mode changed by both: the jail's stays",
    old: "echo 1 > etc/m35; chmod 644 etc/m35",
    new: "echo 1 > etc/m35; chmod 640 etc/m35",
    jail: "chmod 600 etc/m35",
    look: "stat -f %Lp etc/m35",
    says: "600",
    kept: "/etc/m35",
  },
  {
    name: "a link changed by both: the jail's stays",
    old: "ln -s one etc/m36",
    new: "ln -s two etc/m36",
    jail: "rm etc/m36; ln -s three etc/m36",
    look: "readlink etc/m36",
    says: "three",
    kept: "/etc/m36",
  },
  {
    name: "a file that the jail made a link: nothing is written through it",
    old: "echo 1 > etc/m37",
    new: "echo 2 > etc/m37",
    jail: "rm etc/m37; ln -s ../root/aim37 etc/m37; echo aim > root/aim37",
    look: "readlink etc/m37; cat root/aim37",
    says: "../root/aim37\naim",
    kept: "/etc/m37",
  },
  {
    name: "a folder that the jail made a link: nothing is written below it",
    old: "mkdir etc/m38; echo 1 > etc/m38/file",
    new: "mkdir etc/m38; echo 2 > etc/m38/file; echo more > etc/m38/more",
    jail: "mv etc/m38 root/aim38; ln -s ../root/aim38 etc/m38",
    look: "cat root/aim38/file; ls root/aim38",
    says: "1\nfile",
    kept: "/etc/m38",
  },
  {
    name: "a link that leads to the host: nothing is written there",
    old: "mkdir etc/m39; echo 1 > etc/m39/motd",
    new: "mkdir etc/m39; echo 2 > etc/m39/motd",
    jail: "rm -r etc/m39; ln -s /etc etc/m39",
    look: "readlink etc/m39",
    says: "/etc",
    kept: "/etc/m39",
  },
  {
    name: "a folder that the jail has removed stays away",
    old: "mkdir etc/m40; echo 1 > etc/m40/a",
    new: "mkdir etc/m40; echo 1 > etc/m40/a; echo 2 > etc/m40/b",
    jail: "rm -r etc/m40",
    look: "ls -d etc/m40 2>&1 | grep -c 'No such'",
    says: "1",
    kept: "/etc/m40",
  },
  // Users and groups, entry by entry.
  {
    name: "a system user comes, and the jail's own stay",
    new: `echo '${user("newsys", 970, "/sbin/nologin")}' >> etc/master.passwd`,
    jail: "pw useradd alice -u 1001 -s /bin/sh",
    look: "pw usershow newsys | cut -d: -f3; pw usershow alice | cut -d: -f3; grep -c -e newsys -e alice etc/passwd",
    says: "970\n1001\n2",
  },
  {
    name: "root's password is the jail's, its shell the new base's",
    new: passwd("s,^\\(root:.*\\):/bin/[a-z]*$,\\1:/bin/tcsh,"),
    jail: "printf secret | pw usermod root -h 0",
    look: "grep -c '^root:[$].*:/bin/tcsh$' etc/master.passwd",
    says: "1",
  },
  {
    name: "a member of the jail's in a group that the new base changes",
    new: "sed -e 's/^operator:\\*:5:root/operator:*:5:root,bin/' etc/group > etc/gr && cat etc/gr > etc/group && rm etc/gr",
    jail: "pw groupmod operator -m nobody",
    look: "grep ^operator: etc/group",
    says: "operator:*:5:root,nobody,bin",
  },
];
