import { ipxe, type Rendered } from './render.ts';

/**
 * The menu of a machine nobody knows (luna-1 §3.3): it asks again by itself every 10 s, or a person says which node it is.
 * `hwdata` is what the machine knows of itself: SMBIOS asset tag, then the MACs of its NICs, joined by `|`.
 */
export function menuIpxe(server: string, nodes: readonly string[]): Rendered {
  const discovery = `${server}/luna?step=discovery&hwdata=`;
  return ipxe`#!ipxe
echo luna: this machine fits no node yet
set hwdata \${asset:uristring}%7C\${mac}%7C\${net0/mac}%7C\${net1/mac}%7C\${net2/mac}%7C\${net3/mac}%7C\${net4/mac}
set hwdata \${hwdata}%7C\${net5/mac}%7C\${net6/mac}%7C\${net7/mac}%7C\${net8/mac}%7C\${net9/mac}
:menu
clear node
menu luna: which node is this machine? (\${mac})
item --key a ask     Ask the controller (a)
item --key l list    Choose the node from a list (l)
item --key e enter   Enter the name of the node (e)
item --gap
item --key s shell   iPXE shell (s)
item --key c config  iPXE configuration (c)
item --key r restart Reboot (r)
item --key x leave   Exit to the boot order (x)
choose --default ask --timeout 10000 chosen && goto \${chosen} || goto menu
:ask
chain --replace ${discovery}\${hwdata} || goto failed
goto menu
:list
menu luna: which node is this machine?
${nodes.map((name) => ipxe`item ${name} ${name}`)}
item --gap
item --key b luna-back Back (b)
choose node || goto menu
iseq \${node} luna-back && goto menu ||
goto known
:enter
echo -n Name of the node:
read node
isset \${node} || goto menu
:known
chain --replace ${discovery}\${hwdata}&node=\${node:uristring} || goto failed
goto menu
:shell
shell
goto menu
:config
config
goto menu
:restart
reboot
:leave
exit 1
:failed
echo luna: the controller can't say which node this machine is
sleep 3
goto menu
`;
}
