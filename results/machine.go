// machine.go finds out about the machine from the files of Linux.

package results

import (
	"bufio"
	"io/fs"
	"os"
	"path"
	"runtime"
	"strconv"
	"strings"
)

// Memory returns the bytes of memory that this process may use: those of the machine,
// or fewer if a control group allows fewer; 0 where it cannot be known.
func Memory() int64 {
	if runtime.GOOS != "linux" {
		return 0
	}
	return memory(os.DirFS("/"))
}

// memory is Memory for the files of a root folder.
func memory(root fs.FS) int64 {
	var least int64
	lower := func(bytes int64) {
		if bytes > 0 && (least == 0 || bytes < least) {
			least = bytes
		}
	}
	number := func(name string) int64 {
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return 0
		}
		n, err := strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64) // "max" stands for no limit
		if err != nil {
			return 0
		}
		return n
	}
	if kib, err := strconv.ParseInt(strings.TrimSuffix(entry(root, "proc/meminfo", "MemTotal"), " kB"), 10, 64); err == nil && kib < 1<<50 {
		lower(kib << 10)
	}
	lower(number("sys/fs/cgroup/memory/memory.limit_in_bytes")) // control groups of version 1
	// Control groups of version 2: that of the process and those around it.
	own := strings.TrimPrefix(entry(root, "proc/self/cgroup", "0"), ":")
	for group := path.Join("/", own); ; group = path.Dir(group) {
		lower(number(path.Join("sys/fs/cgroup", group, "memory.max")))
		if group == "/" {
			return least
		}
	}
}

// processor returns the name of the processor, or the architecture where there is no
// /proc/cpuinfo that has one.
func processor() string {
	if name := entry(os.DirFS("/"), "proc/cpuinfo", "model name"); name != "" {
		return name
	}
	return runtime.GOARCH
}

// osRelease returns the release of the operating system's kernel, or "unknown".
func osRelease() string {
	if data, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		return strings.TrimSpace(string(data))
	}
	return "unknown"
}

// entry returns the value of the first line "key: value" of a file, and "" if the file
// has no such line or cannot be read.
func entry(root fs.FS, name, key string) string {
	f, err := root.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if k, value, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
