#!/bin/sh
# mount hook: hands the machine to the agent, which returns when /sysroot holds an installed system.
# shellcheck disable=SC2154 # dracut's variable: hooks are sourced
if [ "$root" = luna ]; then
    until bash /usr/lib/luna/rest.sh > /dev/console 2>&1; do
        echo 'luna: the rest of the initramfs is not here; trying again in 3 s' > /dev/console
        sleep 3
    done
    until /usr/lib/luna/agent.sh; do
        echo 'luna: the agent ended unexpectedly; it is started again in 5 s' > /dev/console
        sleep 5
    done
fi
