/// What runs on each host while a supervised job runs: it tells that the host is alive and what the ranks do there, and
/// ends what is left of them when the job has ended, or when nothing more is heard of the one that supervises it.
enum LifelineScript {
  /// The variable by which the processes of a job are known.
  static let variable = "SWIFT_MPI_JOB"

  /// The script for `sh`.
  static func text(job: String) -> String { "mpi_run_job=\(variable)=\(job)\n" + body + "mpi_run_lifeline\n" }

  private static let body = #"""
    mpi_run_lifeline() {
      LC_ALL=C export LC_ALL
      PATH=$PATH:/usr/local/bin:/usr/bin:/bin
      here=$(readlink /proc/self/ns/net)
      processes() {
        for found in $(grep -l "$mpi_run_job" /proc/[0-9]*/environ 2>/dev/null); do
          found=${found#/proc/}
          found=${found%/environ}
          [ "$(readlink "/proc/$found/ns/net" 2>/dev/null)" != "$here" ] || echo "$found"
        done
      }
      end_all() {
        for signal in TERM KILL KILL; do
          left=$(processes)
          [ -n "$left" ] || return 0
          kill -s "$signal" $left 2>/dev/null
          sleep 0.5 2>/dev/null || sleep 1
        done
      }
      tell() {
        for process in $(processes); do
          rank=$(tr '\0' '\n' <"/proc/$process/environ" 2>/dev/null |
            sed -n 's/^\(OMPI_COMM_WORLD_RANK\|PMI_RANK\)=//p' | head -n 1)
          [ -n "$rank" ] || continue
          set -- $(sed 's/.*) //' "/proc/$process/stat" 2>/dev/null)
          [ $# -gt 12 ] || continue
          echo "rank $rank $process $1 $((${12} + ${13})) $(tr -c 'A-Za-z0-9._-' '_' <"/proc/$process/comm" | sed 's/_$//')"
        done
        echo told
      }
      ranks() {
        for process in $(processes); do
          ! tr '\0' '\n' <"/proc/$process/environ" 2>/dev/null |
            grep '^\(OMPI_COMM_WORLD_RANK\|PMI_RANK\)=' >/dev/null || echo "$process"
        done
      }
      daemons=
      orphans=
      # What has started the ranks here; orphans, if nothing holds them any more: it has died before it was looked for.
      find_daemons() {
        orphans=
        held=
        all=$(ranks)
        for process in $all; do
          set -- $(sed 's/.*) //' "/proc/$process/stat" 2>/dev/null)
          [ $# -gt 1 ] || continue
          case $2-$(cat "/proc/$2/comm" 2>/dev/null) in
          *-hydra_pmi_proxy | *-prted | *-orted) case " $daemons " in *" $2 "*) ;; *) daemons="$daemons $2" ;; esac ;;
          1-* | *-systemd) orphans="$orphans $process" ;;
          *) echo "$all" | grep -x "$2" >/dev/null || held=yes ;;
          esac
        done
        [ -z "$daemons$held" ] || orphans=
      }
      have_daemons() {
        [ -z "$orphans" ] || return 1
        for daemon in $daemons; do
          kill -0 "$daemon" 2>/dev/null || [ -z "$(ranks)" ] || return 1
        done
      }
      pulse=$(mktemp) || pulse=
      supervisor=$$
      if [ -n "$pulse" ]; then
        (
          exec >/dev/null 2>&1 </dev/null
          last=none
          trap 'kill $pause; exit 0' TERM
          while sleep 10 & pause=$! && wait "$pause"; do
            now=$(cat "$pulse")
            if [ "$now" = "$last" ]; then
              end_all
              kill "$supervisor"
              rm -f "$pulse"
              exit 0
            fi
            last=$now
          done
        ) &
        watch=$!
      fi
      echo ready
      count=0
      while read -r word; do
        count=$((count + 1))
        [ -z "$pulse" ] || echo "$count" >"$pulse"
        case $word in
        ping)
          if [ -z "$daemons" ] && { [ "$count" -le 10 ] || [ -n "$orphans" ]; }; then find_daemons; fi
          if have_daemons; then echo pong; else echo orphaned; fi
          ;;
        tell) tell ;;
        end) break ;;
        esac
      done
      if [ -n "$pulse" ]; then
        kill "$watch" 2>/dev/null
        rm -f "$pulse"
      fi
      end_all
      echo ended
    }

    """#
}
