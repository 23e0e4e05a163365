/* `mns completion`: what a shell offers behind Tab. The script asks the command itself, by --help: it never grows old.
 */
#include "mns/mns.h"
#include <stdio.h>
#include <string.h>

static const char bash[] =
    "# Completion of mns for bash: eval \"$(mns completion bash)\"\n"
    "_mns () {\n"
    "  local words=(\"${COMP_WORDS[@]:0:COMP_CWORD}\") command=() word help\n"
    "  for word in \"${words[@]}\"; do [[ $word == -* ]] && break; command+=(\"$word\"); done\n"
    "  help=$(\"${command[@]}\" --help 2>/dev/null || \"${command[@]:0:2}\" --help 2>/dev/null)\n"
    "  if [[ ${COMP_WORDS[COMP_CWORD]} == -* ]]; then\n"
    "    help=$(sed -n 's/^ *\\(-[a-z], \\)\\{0,1\\}\\(--[a-z][a-z-]*\\).*/\\2/p' <<<\"$help\")\n"
    "  elif [[ $help == *$'\\nCommands:'* ]]; then\n"
    "    help=$(sed -n '/^Commands:/,/^$/s/^  \\([a-z][a-z-]*\\) .*/\\1/p' <<<\"$help\")\n"
    "  elif [[ ${command[1]-} == req && ${#command[@]} -eq 2 ]]; then\n"
    "    help=$(mns req --list --csv | sed -n '2,$s/,.*//p')\n"
    "  elif [[ ${command[1]-} == check ]]; then\n"
    "    help=$(mns check --list --csv | sed -n '2,$s/,.*//p')\n"
    "  else\n"
    "    help=\n"
    "  fi\n"
    "  mapfile -t COMPREPLY < <(compgen -W \"$help\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n"
    "}\n"
    "complete -o default -F _mns mns\n";

int mns_cmd_completion (int argc, char **argv) {
  static const mns_option_t none[] = {{0, 0, 0, 0, 0, 0}};
  const mns_option_t *options[] = {none, NULL};
  mns_cli_t cli = {.usage = "mns completion bash",
                   .summary = "Prints the script with which bash completes commands and options of mns.",
                   .epilogue = "Put into ~/.bashrc: eval \"$(mns completion bash)\"",
                   .options = options,
                   .positional_min = 1,
                   .positional_max = 1};
  mns_error_t error = {0};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  if (strcmp (argv[1], "bash") != 0) {
    mns_fail (&error, MNS_USAGE, argv[1], "only bash is known");
    return mns_complain ("mns completion", &error);
  }
  fputs (bash, stdout);
  return 0;
}
