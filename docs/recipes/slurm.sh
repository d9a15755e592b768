#!/usr/bin/env bash
# A hunt as an array of Slurm, each task a shard. In a folder that all nodes see:
#
#   sbatch --array=1-16 docs/recipes/slurm.sh LAB|FILE|LINK SEEDS [OPTION]...
#
# A task that failed for good is tried again by its number, of so many:
#
#   SHARDS=16 sbatch --array=3 docs/recipes/slurm.sh LAB|FILE|LINK SEEDS [OPTION]...
#
# Each task leaves part-I.json in a folder that is named by what is hunted, so that reports of another hunt do not count.
# whole.json in it is what they come to, and merge.out here what that says.

#SBATCH --job-name=slowfire
#SBATCH --cpus-per-task=1
#SBATCH --mem=1G
#SBATCH --requeue
#SBATCH --output=part-%a.out

set -euo pipefail

subject=$1 seeds=$2
shift 2
shard=$SLURM_ARRAY_TASK_ID shards=${SHARDS:-$SLURM_ARRAY_TASK_MAX}

if [ -z "${SHARDS:-}" ] && [ "$SLURM_ARRAY_TASK_MIN" != 1 ]; then
    echo "--array must be 1-N, as in --array=1-16; for some tasks of N, set SHARDS=N" >&2
    exit 2
fi

hunted=$(slowfire --version; slowfire link "$subject"; echo "$seeds $shards $*")
folder=hunt-$(sha256sum <<< "$hunted" | cut -c 1-16)
mkdir -p "$folder"

# The first task asks for the sum; one that is requeued has done so.
if [ "$shard" = "$SLURM_ARRAY_TASK_MIN" ] && [ "${SLURM_RESTART_COUNT:-0}" = 0 ]; then
    sbatch --dependency="afterany:$SLURM_ARRAY_JOB_ID" --job-name=slowfire-merge --output=merge.out \
        --wrap="slowfire merge $folder/part-*.json -o $folder/whole.json"
fi

exec slowfire hunt "$subject" --seeds "$seeds" "$@" --shard "$shard/$shards" \
    --jobs "${SLURM_CPUS_PER_TASK:-1}" --resume "$folder/part-$shard.log" -o "$folder/part-$shard.json"
