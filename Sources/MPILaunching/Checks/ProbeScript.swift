/// What is run on each host to find out whether a job can run there: a script for any POSIX shell, so that nothing has to
/// be installed first.
package enum ProbeScript {
  /// The script, as it goes into `sh`.
  ///
  /// It prints a word and a text a line, then opens a port and prints `port` with its number. A line `go` with addresses
  /// and ports on its input makes it try to reach them; it answers each with `reached` or `unreached`, and ends with its
  /// input.
  ///
  /// - Parameters:
  ///   - program: The file of the job's program; empty for none.
  ///   - launcher: The file of the launcher; empty for none.
  package static func text(program: String, launcher: String) -> String {
    """
    mpi_run_program=\(quoted(program))
    mpi_run_launcher=\(quoted(launcher))
    mpi_run_python=\(quoted(python))
    mpi_run_perl=\(quoted(perl))
    \(facts)
    mpi_run_probe

    """
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  private static let facts = #"""
    mpi_run_probe() {
      LC_ALL=C export LC_ALL
      PATH=$PATH:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
      say() { printf '%s %s\n' "$1" "$2"; }
      say host "$(uname -n)"
      say system "$(uname -sm)"
      say cores "$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)"
      say memory "$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo 2>/dev/null)"
      for folder in "${TMPDIR:-/tmp}" /dev/shm; do
        [ ! -d "$folder" ] || say room "$(df -Pk "$folder" 2>/dev/null | awk 'NR == 2 { print $4 }') $folder"
      done
      new=${TMPDIR:-/tmp}/mpi-run.$$
      { echo >"$new"; } 2>/dev/null || say unwritable "${TMPDIR:-/tmp}"
      rm -f "$new"
      say files "$(ulimit -n)"
      say locked "$(ulimit -l 2>/dev/null)"
      say features "$(sed -n -e '/^flags/{s/.*: //p;q' -e '}' -e '/^Features/{s/.*: //p;q' -e '}' /proc/cpuinfo 2>/dev/null)"
      for device in /sys/class/infiniband/*; do [ ! -e "$device" ] || say fabric "${device##*/}"; done
      sed -n 's/^\([^ 	]*[ 	][0-9A-F]\{8\}\)/route \1/p' /proc/net/route 2>/dev/null
      awk '/\|--/ { a = $2 } /\/32 host LOCAL/ { print "address " a }' /proc/net/fib_trie 2>/dev/null | sort -u
      if [ -n "$mpi_run_launcher" ]; then
        if [ -x "$mpi_run_launcher" ]; then
          say launcher "$("$mpi_run_launcher" --version 2>&1 | tr '\n' ' ')"
        else
          say launcher missing
          other=$(command -v mpirun) && say elsewhere "$other $("$other" --version 2>&1 | sed -n 1p)"
        fi
      fi
      if [ -n "$mpi_run_program" ]; then
        if [ ! -e "$mpi_run_program" ]; then
          say program missing
        elif [ ! -f "$mpi_run_program" ] || [ ! -x "$mpi_run_program" ]; then
          say program unusable
        else
          sum=$(sha256sum "$mpi_run_program" 2>/dev/null || shasum -a 256 "$mpi_run_program" 2>/dev/null)
          say checksum "${sum%% *}"
          ldd "$mpi_run_program" 2>&1 | awk '
            /not found/ && !/version/ { print "absent " $1 }
            /version .* not found/ { sub(/^[ \t]*/, ""); print "outdated " $0 }
            /=> .*\/libmpi/ { print "library " $1 " " $3 }'
        fi
      fi
      for tool in python3 /usr/libexec/platform-python; do
        if command -v "$tool" >/dev/null 2>&1; then exec "$tool" -c "$mpi_run_python"; fi
      done
      if command -v perl >/dev/null 2>&1; then exec perl -e "$mpi_run_perl"; fi
      say clock "$(date +%s)"
      say port none
      read -r line
    }
    """#

  /// Listens, and tries to reach others.
  private static let python = """
    import signal, socket, sys, threading, time
    signal.alarm(30)
    server = socket.socket()
    server.bind(("", 0))
    server.listen(1024)
    print("port", server.getsockname()[1], flush=True)
    words = sys.stdin.readline().split()
    print("clock", time.time(), flush=True)
    def reach(target):
        host, port = target.rsplit(":", 1)
        try:
            socket.create_connection((host, int(port)), 2).close()
            print("reached " + target, flush=True)
        except OSError as error:
            print("unreached " + target + " " + (error.strerror or "no answer"), flush=True)
    threads = [threading.Thread(target=reach, args=(word,)) for word in words[1:]]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    print("done", flush=True)
    sys.stdin.read()

    """

  /// The same where there is no Python.
  private static let perl = """
    use Socket; use IO::Select; use IO::Socket::INET; $| = 1; alarm 30;
    my $server = IO::Socket::INET->new(Listen => 1024, Proto => "tcp", LocalAddr => "0.0.0.0") or exit 1;
    print "port ", $server->sockport, "\\n";
    my @words = split " ", scalar <STDIN>; shift @words;
    my $now = eval { require Time::HiRes; Time::HiRes::time() } || time;
    print "clock $now\\n";
    for my $target (@words) {
      my ($host, $port) = $target =~ /(.*):(.*)/;
      my $peer = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Proto => "tcp", Timeout => 2);
      print $peer ? "reached $target\\n" : "unreached $target " . ($! || "no answer") . "\\n";
    }
    print "done\\n"; 1 while <STDIN>;

    """
}
