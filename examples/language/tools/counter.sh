# counter.sh add|remove --name=<name>
mkdir -p .scratch
touch .scratch/names
name=${2#--name=}
case $1 in
add) echo "$name" >> .scratch/names ;;
remove) grep -vxF "$name" .scratch/names > .scratch/names.new || true; mv .scratch/names.new .scratch/names ;;
esac
printf '{"count": %d}\n' "$(wc -l < .scratch/names)"
