/**
 * Every command, action and option of Luna 1 (luna-1 §1): the request it has to become, its body, and every way to
 * write it: Luna 1's first form (`-n NAME`), that of 1.2, short and long. Words in capitals stand for values with
 * blanks, empty ones and files. Where a request changes nothing, what is fetched counts.
 */
export type Surface = [request: string, body: unknown, ...spelled: string[]];

const FE = '10.30.255.254';
const change = (path: string, body: object, ...spelled: string[]): Surface => [`PATCH ${path}`, body, ...spelled];
const shown = (request: string, ...spelled: string[]): Surface => [`GET ${request}`, undefined, ...spelled];

/** `luna KIND rename|delete|show|list`, which all kinds have alike. */
function common(kind: string, plural: string, name: string): Surface[] {
  return [
    shown(`/${plural}`, `${kind} list`),
    shown(`/${plural}/${name}`, `${kind} show ${name}`, `${kind} show -n ${name}`, `${kind} show --name ${name}`, `${kind} show ${name} -C`, `${kind} show -n ${name} --comment`),
    shown(`/${plural}/${name}?raw=1`, `${kind} show ${name} -R`, `${kind} show -n ${name} --raw`),
    change(`/${plural}/${name}`, { name: 'other' }, `${kind} rename ${name} --newname other`, `${kind} rename ${name} --nn other`, `${kind} rename -n ${name} --nn other`, `${kind} rename --name ${name} --newname other`),
    change(`/${plural}/${name}`, { comment: 'echo hello' }, `${kind} change ${name} -C --file SCRIPT`, `${kind} change -n ${name} --comment --file SCRIPT`),
    [`DELETE /${plural}/${name}`, undefined, `${kind} delete ${name}`, `${kind} delete -n ${name}`, `${kind} delete --name ${name}`],
  ];
}

/** Of `luna cluster`. */
const cluster: Surface[] = [
  ['POST /cluster', {}, 'cluster init', 'cluster init --group luna'],
  ['POST /cluster', { frontend_address: FE, nodeprefix: 'cn', nodedigits: 4, user: 'admin', path: '/srv/luna' },
    `cluster init --frontend_address ${FE} --nodeprefix cn --nodedigits 4 --user admin --path /srv/luna`, `cluster init --frontend-address ${FE} --prefix cn --digits 4 --user admin --path /srv/luna`],
  shown('/cluster', 'cluster show', 'cluster show -C', 'cluster show --comment'),
  shown('/cluster?raw=1', 'cluster show -R', 'cluster show --raw'),
  change('/cluster', { nodeprefix: 'cn' }, 'cluster change --nodeprefix cn', 'cluster change -p cn', 'cluster change --prefix cn'),
  change('/cluster', { nodedigits: 4 }, 'cluster change --nodedigits 4', 'cluster change -d 4', 'cluster change --digits 4'),
  change('/cluster', { path: '/srv' }, 'cluster change --path /srv'),
  change('/cluster', { user: 'admin' }, 'cluster change --user admin'),
  change('/cluster', { frontend_address: FE }, `cluster change --frontend_address ${FE}`),
  change('/cluster', { frontend_port: 8050 }, 'cluster change --frontend_port 8050'),
  change('/cluster', { frontend_https: true }, 'cluster change --frontend_https y', 'cluster change --frontend_https yes'),
  change('/cluster', { frontend_https: false }, 'cluster change --frontend_https n', 'cluster change --frontend_https no'),
  change('/cluster', { server_port: 8051 }, 'cluster change --server_port 8051'),
  change('/cluster', { tracker_interval: 20, tracker_min_interval: 9, tracker_maxpeers: 100 }, 'cluster change --tracker_interval 20 --tracker_min_interval 9 --tracker_maxpeers 100'),
  change('/cluster', { torrent_listen_port_min: 8052, torrent_listen_port_max: 8060 }, 'cluster change --torrent_listen_port_min 8052 --torrent_listen_port_max 8060'),
  change('/cluster', { torrent_pidfile: '/run/t.pid', lweb_pidfile: '/run/w.pid', lweb_num_proc: 2 }, 'cluster change --torrent_pidfile /run/t.pid --lweb_pidfile /run/w.pid --lweb_num_proc 2'),
  change('/cluster', { cluster_ips: ['10.30.255.251', '10.30.255.252'] }, 'cluster change --cluster_ips 10.30.255.251,10.30.255.252'),
  change('/cluster', { cluster_ips: [] }, 'cluster change --cluster_ips EMPTY'),
  change('/cluster', { named_include_file: '/etc/z', named_zone_dir: '/var/z' }, 'cluster change --named_include_file /etc/z --named_zone_dir /var/z'),
  change('/cluster', { comment: 'echo hello' }, 'cluster change --comment --file SCRIPT', 'cluster change -C --file SCRIPT'),
  shown('/cluster', 'cluster sync'),
  shown('/macs', 'cluster listmacs'),
  ['DELETE /cluster', undefined, 'cluster delete'],
  ['DELETE /cluster?force=1', undefined, 'cluster delete --force'],
];

/** Of `luna osimage`. */
const osimage: Surface[] = [
  ...common('osimage', 'osimages', 'compute'),
  shown('/osimages/compute', ...['--path', '-p', '--kernopts', '-o', '--grab_exclude_list', '-e', '--grab_filesystems', '-f'].map((flag) => `osimage show compute ${flag}`)),
  shown('/osimages/compute/kernels', 'osimage show compute -k', 'osimage show -n compute --kernver'),
  ['POST /osimages', { name: 'compute', path: '/os/c' }, 'osimage add --name compute --path /os/c', 'osimage add -n compute -p /os/c', 'osimage add -n compute -p /os/c -k ANY'],
  ['POST /osimages', { name: 'compute', path: '/os/c', kernver: '3.10.0', kernopts: 'quiet' }, 'osimage add -n compute -p /os/c -k 3.10.0 -o quiet', 'osimage add -n compute -p /os/c --kernver 3.10.0 --kernopts quiet'],
  change('/osimages/compute', { kernver: '3.10.0' }, 'osimage change compute -k 3.10.0', 'osimage change -n compute --kernver 3.10.0'),
  change('/osimages/compute', { kernopts: 'quiet' }, 'osimage change compute -o quiet', 'osimage change -n compute --kernopts quiet'),
  change('/osimages/compute', { kernopts: '' }, 'osimage change compute -o EMPTY'),
  change('/osimages/compute', { dracutmodules: 'luna,-i18n' }, 'osimage change compute -d luna,-i18n', 'osimage change -n compute --dracutmodules luna,-i18n'),
  change('/osimages/compute', { kernmodules: 'ipmi_si,-ixgbe' }, 'osimage change compute -m ipmi_si,-ixgbe', 'osimage change -n compute --kernmodules ipmi_si,-ixgbe'),
  change('/osimages/compute', { path: '/os/d' }, 'osimage change compute -p /os/d', 'osimage change -n compute --path /os/d'),
  change('/osimages/compute', { grab_exclude_list: 'echo hello' }, 'osimage change compute -e --file SCRIPT', 'osimage change -n compute --grab_exclude_list --file SCRIPT'),
  change('/osimages/compute', { grab_filesystems: '/,/boot' }, 'osimage change compute -f /,/boot', 'osimage change -n compute --grab_filesystems /,/boot'),
  ['POST /osimages/compute/pack', undefined, ...['', ' -i', ' --image', ' -b', ' --boot', ' -c', ' -b --copy_boot'].flatMap((flags) => [`osimage pack compute${flags}`, `osimage pack -n compute${flags}`])],
  ['POST /osimages/compute/clone', { to: 'gpu', path: '/os/g' }, 'osimage clone compute --to gpu --path /os/g', 'osimage clone -n compute -t gpu -p /os/g'],
  shown('/osimages/compute', 'osimage sync compute', 'osimage sync -n compute'),
];

/** Of `luna bmcsetup`. */
const bmcsetup: Surface[] = [
  ...common('bmcsetup', 'bmcsetups', 'base'),
  ['POST /bmcsetups', { name: 'base' }, 'bmcsetup add -n base', 'bmcsetup add --name base'],
  ['POST /bmcsetups', { name: 'base', user: 'u', userid: 4, netchannel: 2, mgmtchannel: 8, password: 'p' },
    'bmcsetup add -n base -u u -p p -I 4 -N 2 -M 8', 'bmcsetup add --name base --user u --password p --userid 4 --netchannel 2 --mgmtchannel 8'],
  change('/bmcsetups/base', { user: 'u', userid: 4, netchannel: 0, mgmtchannel: 8, password: 'p' },
    'bmcsetup change base -u u -p p -I 4 -N 0 -M 8', 'bmcsetup change -n base --user u --password p --userid 4 --netchannel 0 --mgmtchannel 8'),
];

/** Of `luna network`. */
const network: Surface[] = [
  ...common('network', 'networks', 'cluster'),
  shown('/networks/cluster/addresses', 'network show cluster -r', 'network show -n cluster --reservedips'),
  ['POST /networks', { name: 'cluster', network: '10.30.0.0', prefix: 16 }, 'network add -n cluster -N 10.30.0.0 -P 16', 'network add --name cluster --network 10.30.0.0 --prefix 16'],
  ['POST /networks', { name: 'v6', network: 'fd00::', prefix: 64, ns_hostname: 'head', ns_ip: 'fd00::1' }, 'network add -n v6 -N fd00:: -P 64 --ns_hostname head --ns_ip fd00::1'],
  change('/networks/cluster', { network: '10.40.0.0', prefix: 17 }, 'network change cluster -N 10.40.0.0 -P 17', 'network change -n cluster --network 10.40.0.0 --prefix 17'),
  change('/networks/cluster', { reserve: [{ ip: '10.30.9.1' }] }, 'network change cluster -R 10.30.9.1', 'network change -n cluster --reserve 10.30.9.1'),
  change('/networks/cluster', { release: ['10.30.9.1'] }, 'network change cluster --release 10.30.9.1', 'network change -n cluster --release 10.30.9.1'),
  change('/networks/cluster', { prefix: 17, ns_hostname: 'head', ns_ip: '10.30.0.9' }, 'network change cluster -P 17 --ns_hostname head --ns_ip 10.30.0.9'),
  change('/networks/cluster', { include: 'echo hello' }, 'network change cluster --include --file SCRIPT'),
  change('/networks/cluster', { rev_include: 'echo hello' }, 'network change cluster --rev_include --file SCRIPT'),
];

/** Of `luna group`. */
const group: Surface[] = [
  ...common('group', 'groups', 'compute'),
  shown('/groups/compute', ...['--osimage', '-o', '--prescript', '--pre', '--postscript', '--post', '--partscript', '--part', '--bmcsetup', '-b', '-i BMC', '--interface BMC', '--bmcnetwork', '--bn']
    .flatMap((flag) => [`group show compute ${flag}`, `group show -n compute ${flag}`])),
  ['POST /groups', { name: 'compute', osimage: 'compute', network: 'cluster', bmcsetup: 'base', bmcnetwork: 'ipmi' },
    'group add -n compute -o compute -N cluster -b base -bn ipmi', 'group add --name compute --osimage compute --network cluster --bmcsetup base --bmcnetwork ipmi', 'group add -n compute -o compute -N cluster -b base --bn ipmi'],
  ['POST /groups', { name: 'compute', osimage: 'compute', interfaces: ['enp7s0', 'ib0'] }, 'group add -n compute -i enp7s0 -i ib0 -o compute', 'group add --name compute --interface enp7s0 --interface ib0 --osimage compute'],
  change('/groups/compute', { osimage: 'gpu' }, 'group change compute -o gpu', 'group change -n compute --osimage gpu'),
  change('/groups/compute', { domain: 'cluster' }, 'group change compute -d cluster', 'group change -n compute --domain cluster'),
  change('/groups/compute', { domain: null, bmcsetup: null }, 'group change compute -d EMPTY -b EMPTY', 'group change -n compute --domain EMPTY --bmcsetup EMPTY'),
  change('/groups/compute', { bmcsetup: 'base' }, 'group change compute -b base', 'group change -n compute --bmcsetup base'),
  change('/groups/compute', { torrent_if: 'BMC' }, 'group change compute --torrent_if BMC', 'group change -n compute --ti BMC'),
  ...(['prescript', 'partscript', 'postscript'] as const).map((text) => change('/groups/compute', { [text]: 'echo hello' },
    ...[`--${text}`, `--${text.replace('script', '')}`].flatMap((flag) => [`group change compute ${flag} --file SCRIPT`, `group change -n compute ${flag} -e --file SCRIPT`, `group change --name compute ${flag} --edit --file SCRIPT`]))),
  change('/groups/compute', { interfaces: [{ name: 'ib0', op: 'add' }] }, 'group change compute -i ib0 --add', 'group change -n compute --interface ib0 -A'),
  change('/groups/compute', { interfaces: [{ name: 'ib0', op: 'delete' }] }, 'group change compute -i ib0 --delete', 'group change -n compute --interface ib0 -D'),
  change('/groups/compute', { interfaces: [{ name: 'ib0', op: 'setnet', network: 'ib' }] }, 'group change compute -i ib0 --setnet ib', 'group change -n compute --interface ib0 --sn ib'),
  change('/groups/compute', { interfaces: [{ name: 'ib0', op: 'delnet' }] }, 'group change compute -i ib0 --delnet', 'group change -n compute --interface ib0 --dn', 'group change compute --dn -i ib0'),
  change('/groups/compute', { interfaces: [{ name: 'ib0', op: 'delnet', network: 'ib' }] }, 'group change compute -i ib0 --delnet ib', 'group change -n compute --interface ib0 --dn ib'),
  change('/groups/compute', { interfaces: [{ name: 'ib0', op: 'rename', newname: 'ib1' }] }, 'group change compute -i ib0 --rename ib1', 'group change compute -i ib0 --nn ib1'),
  change('/groups/compute', { interfaces: [{ name: 'BMC', op: 'params', params: 'echo hello' }] }, 'group change compute -i BMC -e --file SCRIPT', 'group change -n compute --interface BMC --edit --file SCRIPT', 'group change -n compute --bmcnetwork -e --file SCRIPT'),
  change('/groups/compute', { interfaces: [{ name: 'BMC', op: 'setnet', network: 'ipmi' }] }, 'group change compute -i BMC --setnet ipmi', 'group change -n compute --bmcnetwork --setnet ipmi', 'group change -n compute --bn --sn ipmi'),
  change('/groups/compute', { interfaces: [{ name: 'BMC', op: 'delnet' }] }, 'group change compute -i BMC --delnet', 'group change -n compute --bmcnetwork --delnet', 'group change -n compute --bn --dn'),
  change('/groups/compute', { interfaces: [{ name: 'BMC', op: 'delete' }] }, 'group change compute -i BMC --delete', 'group change -n compute --bmcnetwork -D'),
  change('/groups/compute', { interfaces: [{ name: 'eth1', op: 'rename', newname: 'BOOTIF', keep: true }] }, 'group change -n compute --boot_if eth1', 'group change -n compute --bi eth1'),
  ['POST /groups/compute/clone', { to: 'gpu' }, 'group clone compute --to gpu', 'group clone -n compute -t gpu'],
];

/** Of `luna node`. */
const node: Surface[] = [
  ...common('node', 'nodes', 'node001'),
  shown('/nodes', 'node list -g compute', 'node list --group compute', 'node list -1', 'node list --one-line'),
  shown('/nodes/node001/script/boot', 'node show node001 -s boot', 'node show -n node001 --script boot'),
  shown('/nodes/node001/script/install', 'node show node001 -s install', 'node show -n node001 --script install'),
  ['POST /nodes', { names: null, group: 'compute' }, 'node add -g compute', 'node add --group compute'],
  ['POST /nodes', { names: ['node001', 'node002'], group: 'compute' }, 'node add -n node[001-002] -g compute', 'node add --name node001,node002 --group compute'],
  change('/nodes/node001', { group: 'gpu' }, 'node change node001 -g gpu', 'node change -n node001 --group gpu'),
  change('/nodes/node001', { interfaces: [{ name: 'BOOTIF', ip: '10.30.0.9' }] }, 'node change node001 -i BOOTIF 10.30.0.9', 'node change node001 --interface BOOTIF 10.30.0.9', 'node change -n node001 -i BOOTIF --ip 10.30.0.9'),
  change('/nodes/node001', { interfaces: [{ name: 'BMC', ip: '10.31.0.9' }] }, 'node change node001 -i BMC 10.31.0.9', 'node change -n node001 -b --ip 10.31.0.9', 'node change -n node001 --bmcip --ip 10.31.0.9'),
  change('/nodes/node001', { mac: '52:54:00:00:00:01' }, 'node change node001 --mac 52:54:00:00:00:01', 'node change -n node001 --mac 52:54:00:00:00:01'),
  change('/nodes/node001', { mac: null, switch: null, port: null }, 'node change node001 --mac EMPTY -s EMPTY -p EMPTY', 'node change -n node001 --mac EMPTY --switch EMPTY --port EMPTY'),
  change('/nodes/node001', { switch: 'switch01', port: '1' }, 'node change node001 -s switch01 -p 1', 'node change -n node001 --switch switch01 --port 1'),
  change('/nodes/node001', { port: 'Gi2/0/26' }, 'node change -n node001 -p Gi2/0/26'),
  ...(['localboot -l', 'setupbmc --sb', 'service --sv'] as const).flatMap((flag) => [['y', 'yes', true], ['n', 'no', false]].map(([short, long, value]) => {
    const [field = '', other = ''] = flag.split(' ');
    return change('/nodes/node001', { [field]: value }, `node change node001 --${field} ${String(short)}`, `node change -n node001 --${field} ${String(long)}`, `node change node001 ${other} ${String(long)}`);
  })),
];

/** Of `luna switch` and `luna otherdev`. */
const device: Surface[] = [
  ...common('switch', 'switches', 'switch01'),
  ['POST /switches', { name: 'switch01', network: 'ipmi', ip: '10.31.253.21' }, 'switch add -n switch01 -N ipmi -i 10.31.253.21', 'switch add --name switch01 --network ipmi --ip 10.31.253.21 --rw private', 'switch add -n switch01 -N ipmi -i 10.31.253.21 -w private'],
  ['POST /switches', { name: 'switch01', network: 'ipmi', ip: '10.31.253.21', read: 'secret', oid: '.1.3.6' }, 'switch add -n switch01 -N ipmi -i 10.31.253.21 -r secret -o .1.3.6', 'switch add --name switch01 --network ipmi --ip 10.31.253.21 --read secret --oid .1.3.6'],
  change('/switches/switch01', { network: 'cluster', ip: '10.30.9.9', read: 's', oid: '.1.3' }, 'switch change switch01 -N cluster -i 10.30.9.9 -r s -o .1.3 -w x', 'switch change -n switch01 --network cluster --ip 10.30.9.9 --read s --oid .1.3 --rw x'),
  ...common('otherdev', 'otherdevs', 'pdu01'),
  ['POST /otherdevs', { name: 'pdu01', network: 'ipmi', ip: '10.31.250.1' }, 'otherdev add -n pdu01 -N ipmi -i 10.31.250.1', 'otherdev add --name pdu01 --network ipmi --ip 10.31.250.1'],
  ['POST /otherdevs', { name: 'pdu01', network: 'ipmi' }, 'otherdev add -n pdu01 -N ipmi'],
  change('/otherdevs/pdu01', { network: 'ipmi', ip: '10.31.250.2' }, 'otherdev change pdu01 -N ipmi -i 10.31.250.2', 'otherdev change -n pdu01 --network ipmi --ip 10.31.250.2'),
  change('/otherdevs/pdu01', { network: 'ipmi', ip: null }, 'otherdev change pdu01 -N ipmi -i EMPTY', 'otherdev change -n pdu01 --network ipmi --ip EMPTY'),
];

/** All of it, by object. */
export const LUNA_1: Record<string, Surface[]> = { cluster, osimage, bmcsetup, network, group, node, 'switch and otherdev': device };

/** Where Luna 1 took hostlists. */
export const HOSTLISTS: readonly string[] = [
  ...['node', 'switch', 'otherdev'].flatMap((kind) => [`${kind} show x[01-02]`, `${kind} show -n x01,x02`, `${kind} delete x[01-02]`, `${kind} delete -n x[01-02]`]),
  'node add -n x[01-02] -g compute', 'node change x[01-02] --service y', 'node change -n x[01-02] --service y',
  'switch add -n x[01-02] -N ipmi -i 10.31.0.9', 'switch change x[01-02] -r secret', 'switch change -n x[01-02] -r secret',
  'otherdev add -n x[01-02] -N ipmi', 'otherdev change x[01-02] -N ipmi -i EMPTY', 'power x[01-02] status',
];

/** Spellings that are understood and no longer used: what is said of them with --debug. */
export const OUTDATED: readonly [line: string, now: string][] = [
  ['group change -n compute --boot_if eth1', 'luna group change compute -i IF --rename BOOTIF'],
  ['group change -n compute --bmcnetwork --setnet ipmi', '-i BMC'],
  ['group change -n compute -i BMC', 'luna group show compute -i BMC'],
  ['group change -n compute --partscript', 'luna group show compute --partscript'],
  ['group show -n compute --bn', '-i BMC'],
  ['node change -n node001 -b --ip 10.31.0.9', '-i BMC 10.31.0.9'],
  ['node change -n node001 -i BOOTIF --ip 10.30.0.9', '-i BOOTIF 10.30.0.9'],
  ['osimage pack compute -b', 'luna osimage pack compute'],
  ['osimage add -n compute -p /os/c -k ANY', 'no --kernver'],
  ['switch change -n switch01 --rw private', 'luna never writes to a switch'],
];
