# shellcheck shell=sh
# Makes a private folder for what one login needs: fifos that secrets go through, and an agent for each private key.
# When standard input ends (the provider says so, or died, however it died), everything goes away.
# guard.sh FOLDER NAME...: a NAME is agent.N, or else a fifo.

umask 077
trap '' PIPE HUP INT TERM
folder=$1
agents=
shift
mkdir "$folder" || exit 1
for name; do
  case $name in
    agent.*)
      eval "$(ssh-agent -s -a "$folder/$name")" >/dev/null || exit 1
      agents="$agents $SSH_AGENT_PID"
      ;;
    *) mkfifo "$folder/$name" || exit 1 ;;
  esac
done
echo ready
cat >/dev/null
# shellcheck disable=SC2086 # several words
[ -z "$agents" ] || kill $agents
rm -rf "$folder"
