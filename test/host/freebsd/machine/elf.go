package machine

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
)

// editor changes an ELF file in place: the stand-in's tree has Debian's programs and libraries under the names that
// FreeBSD's tree has, so that a jail's chroot is all they need.
type editor struct {
	data  []byte
	file  *elf.File
	order binary.ByteOrder
}

func newEditor(data []byte) (*editor, error) {
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if f.Class != elf.ELFCLASS64 {
		return nil, fmt.Errorf("not a 64-bit ELF file")
	}
	return &editor{data, f, f.ByteOrder}, nil
}

// setInterpreter changes the dynamic linker's path; the new one must not be longer.
func (e *editor) setInterpreter(path string) error {
	for _, p := range e.file.Progs {
		if p.Type != elf.PT_INTERP {
			continue
		}
		if uint64(len(path)) >= p.Filesz {
			return fmt.Errorf("interpreter %s is too long", path)
		}
		area := e.data[p.Off : p.Off+p.Filesz]
		for i := range area {
			area[i] = 0
		}
		copy(area, path)
	}
	return nil
}

// rename changes a needed library's name wherever the string table of dynamic linking has it.
func (e *editor) rename(from, to string) error {
	if len(to) > len(from) {
		return fmt.Errorf("%s is longer than %s", to, from)
	}
	section := e.file.Section(".dynstr")
	if section == nil {
		return fmt.Errorf("no .dynstr")
	}
	table := e.data[section.Offset : section.Offset+section.Size]
	old, replacement := []byte("\x00"+from+"\x00"), make([]byte, len(from)+2)
	copy(replacement[1:], to)
	for at := 0; ; {
		i := bytes.Index(table[at:], old)
		if i < 0 {
			return nil
		}
		copy(table[at+i:], replacement)
		at += i + 1
	}
}

// replaceText changes a string constant; the new one must not be longer.
func (e *editor) replaceText(from, to string) error {
	old, replacement := []byte("\x00"+from+"\x00"), make([]byte, len(from)+2)
	if len(to) > len(from) {
		return fmt.Errorf("%s is longer than %s", to, from)
	}
	copy(replacement[1:], to)
	i := bytes.Index(e.data, old)
	if i < 0 {
		return fmt.Errorf("no text %q", from)
	}
	copy(e.data[i:], replacement)
	return nil
}

// ignoredTag is a tag in the range that the dynamic linker passes over.
const ignoredTag = 0x6000000f

// without cuts a needed library off: its symbols become weak, and null.
func (e *editor) without(library string) error {
	indexes, err := e.dropVersions(library)
	if err != nil {
		return err
	}
	versions, symbols := e.file.Section(".gnu.version"), e.file.Section(".dynsym")
	if versions == nil || symbols == nil {
		return fmt.Errorf("no symbol versions")
	}
	for i := uint64(0); i < versions.Size/2; i++ {
		version := e.data[versions.Offset+2*i:]
		if !indexes[e.order.Uint16(version)&0x7fff] {
			continue
		}
		e.order.PutUint16(version, 1)
		info := &e.data[symbols.Offset+24*i+4]
		*info = byte(elf.STB_WEAK)<<4 | *info&0xf
	}
	return e.dropNeeded(library)
}

// dropVersions takes a library out of the list of versions needed, and says which numbers its versions had.
func (e *editor) dropVersions(library string) (map[uint16]bool, error) {
	section, table := e.file.Section(".gnu.version_r"), e.file.Section(".dynstr")
	if section == nil || table == nil {
		return nil, fmt.Errorf("no version needs")
	}
	text := func(off uint32) string {
		s := e.data[table.Offset+uint64(off) : table.Offset+table.Size]
		return string(s[:bytes.IndexByte(s, 0)])
	}
	var before []byte
	for need := e.data[section.Offset:]; ; {
		next := e.order.Uint32(need[12:])
		if text(e.order.Uint32(need[4:])) == library {
			indexes := e.versionNumbers(need)
			if before != nil {
				if next != 0 {
					next += e.order.Uint32(before[12:])
				}
				e.order.PutUint32(before[12:], next)
			} else if next != 0 {
				e.pullUp(need, next)
			}
			return indexes, nil
		}
		if next == 0 {
			return nil, fmt.Errorf("nothing is needed of %s", library)
		}
		before, need = need, need[next:]
	}
}

func (e *editor) versionNumbers(need []byte) map[uint16]bool {
	indexes := map[uint16]bool{}
	for aux := need[e.order.Uint32(need[8:]):]; ; aux = aux[e.order.Uint32(aux[12:]):] {
		indexes[e.order.Uint16(aux[6:])] = true
		if e.order.Uint32(aux[12:]) == 0 {
			return indexes
		}
	}
}

// pullUp puts the next entry in the place of one: what it points to gets that much farther away.
func (e *editor) pullUp(need []byte, next uint32) {
	copy(need[:16], need[next:next+16])
	e.order.PutUint32(need[8:], e.order.Uint32(need[8:])+next)
	if after := e.order.Uint32(need[12:]); after != 0 {
		e.order.PutUint32(need[12:], after+next)
	}
}

func (e *editor) dropNeeded(library string) error {
	section, table := e.file.Section(".dynamic"), e.file.Section(".dynstr")
	for at := section.Offset; at < section.Offset+section.Size; at += 16 {
		if elf.DynTag(e.order.Uint64(e.data[at:])) != elf.DT_NEEDED {
			continue
		}
		name := e.data[table.Offset+e.order.Uint64(e.data[at+8:]):]
		if string(name[:bytes.IndexByte(name, 0)]) == library {
			e.order.PutUint64(e.data[at:], ignoredTag)
			return nil
		}
	}
	return fmt.Errorf("%s is not needed", library)
}
