import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NETWORK_MARK } from '../../../domain/network-files/file.ts';
import type { BootNic } from '../../../domain/network-files/links.ts';
import { networkSetup } from '../../../domain/network-setup.ts';
import { NETWORK_STYLES, type NetworkStyle } from '../../../domain/network-style.ts';
import type { PlannedInterface } from '../../../domain/planned-interfaces.ts';
import { bootif, everyKind, nic, planned, setupOf } from '../../support/network-plan.ts';

/** The files of a setup: the last part of their path → their text without luna's mark. */
function texts(style: NetworkStyle, interfaces: readonly PlannedInterface[], card: BootNic = nic): Record<string, string> {
  return Object.fromEntries(setupOf(style, interfaces, card).files.map(({ path, text }) => {
    assert.ok(text.startsWith(`${NETWORK_MARK}\n`), path);
    return [path.slice(path.lastIndexOf('/') + 1), text.slice(NETWORK_MARK.length + 1)];
  }));
}

const card = planned('BOOTIF', { ip: '10.30.0.1', prefix: 16, gateway: '10.30.255.254', dns: ['10.30.255.254', '10.30.255.253'], search: ['cluster'] });

describe('the files of a card', () => {
  it('are a .network for systemd-networkd', () => {
    assert.deepEqual(texts('networkd', [card]), {
      '10-luna-BOOTIF.network': '[Match]\nMACAddress=52:54:00:00:00:01\nType=ether\n[Network]\nAddress=10.30.0.1/16\nGateway=10.30.255.254\nDNS=10.30.255.254\nDNS=10.30.255.253\nDomains=cluster\nIPv6AcceptRA=no\n',
    });
  });

  it('are a key file for NetworkManager, which root alone may read', () => {
    assert.deepEqual(texts('keyfile', [card]), {
      'luna-BOOTIF.nmconnection': '[connection]\nid=luna-BOOTIF\ntype=ethernet\nautoconnect-priority=10\n[ethernet]\nmac-address=52:54:00:00:00:01\n[ipv4]\nmethod=manual\naddress1=10.30.0.1/16,10.30.255.254\ndns=10.30.255.254;10.30.255.253;\ndns-search=cluster;\n[ipv6]\nmethod=link-local\n',
    });
    assert.deepEqual(setupOf('keyfile').files.filter(({ mode }) => mode !== '0600'), []);
  });

  it('are an ifcfg for RedHat 8 and older', () => {
    assert.deepEqual(texts('ifcfg', [card]), {
      'ifcfg-enp1s0': 'DEVICE=enp1s0\nNAME=enp1s0\nONBOOT=yes\nHWADDR=52:54:00:00:00:01\nTYPE=Ethernet\nBOOTPROTO=none\nIPADDR=10.30.0.1\nPREFIX=16\nNETMASK=255.255.0.0\nGATEWAY=10.30.255.254\nIPV6INIT=no\nDNS1=10.30.255.254\nDNS2=10.30.255.253\nDOMAIN="cluster"\n',
    });
  });

  it('are a stanza for ifupdown, whose main file is made to read it', () => {
    assert.deepEqual(texts('ifupdown', [card]), {
      luna: '\nauto enp1s0\niface enp1s0 inet static\n    address 10.30.0.1/16\n    gateway 10.30.255.254\n    dns-nameservers 10.30.255.254 10.30.255.253\n    dns-search cluster\n',
    });
    assert.deepEqual(setupOf('ifupdown').lines.map(({ path, line }) => `${path}: ${line}`), ['/etc/network/interfaces: source /etc/network/interfaces.d/*']);
  });

  it('are one YAML file for netplan', () => {
    assert.deepEqual(texts('netplan', [card]), {
      '90-luna.yaml': `network:
  version: 2
  ethernets:
    "enp1s0":
      match:
        macaddress: "52:54:00:00:00:01"
      dhcp4: false
      dhcp6: false
      accept-ra: false
      addresses: ["10.30.0.1/16"]
      nameservers:
        addresses: ["10.30.255.254", "10.30.255.253"]
        search: ["cluster"]
      routes:
        - to: "0.0.0.0/0"
          via: "10.30.255.254"
`,
    });
  });

  it('are none where the image looks after itself', () => {
    assert.deepEqual(setupOf('none'), { style: 'none', folders: [], files: [], lines: [], units: [], resolver: null });
  });

  for (const style of NETWORK_STYLES.filter((one) => one !== 'none')) {
    it(`carry for ${style} everything that can be declared`, () => {
      const text = Object.values(texts(style, everyKind)).join('');

      for (const word of [
        '10.30.0.1', 'fd00:30::1/64', '10.30.255.254', 'fd00:30::ffff', '10.30.255.253', 'fd00:30::53', 'example.org', '1400', '10.40.0.0/16', '10.30.0.7', 'fd00:40::/64', 'fd00:30::7',
        '802.3ad', 'eth1', 'eth2', 'bond0', '9000', 'storage', '100', 'vlan200', 'fd00:32::1/64', 'eth3', 'eth4', 'vlan300',
      ]) assert.ok(text.includes(word), `${word} is missing`);
    });

    it(`hold for ${style} the lines an administrator wrote`, () => {
      const text = Object.values(texts(style, [planned('ib0', { ip: '10.31.0.1', prefix: 16, params: 'first=1\nsecond=2\n' })])).join('');

      assert.match(text, /^ *first=1\n *second=2\n/m);
    });

    it(`know a card of InfiniBand by its name for ${style}`, () => {
      const text = Object.values(texts(style, [card], { device: 'ib0', mac: null })).join('');

      assert.match(text, /ib0/);
      assert.doesNotMatch(text, /mac|hwaddr/i);
    });
  }
});

describe('the devices', () => {
  it('take the name of a bond or a VLAN where BOOTIF is one', () => {
    const bonded = texts('networkd', [{ ...card, bond: { mode: 'active-backup', members: ['eth0', 'eth1'] } }, planned('bond0', { bond: { mode: 'balance-rr', members: ['eth2'] } })]);
    assert.match(bonded['10-luna-BOOTIF.netdev'] ?? '', /^Name=bond1$/m);
    assert.match(bonded['10-luna-BOOTIF.network'] ?? '', /^Name=bond1$/m);
    assert.match(bonded['10-luna-eth0.network'] ?? '', /^Bond=bond1$/m);

    const tagged = texts('networkd', [{ ...card, vlan: { id: 7, parent: 'eth0' } }, planned('eth0')]);
    assert.match(tagged['10-luna-BOOTIF.netdev'] ?? '', /^Name=vlan7$/m);
    assert.match(tagged['10-luna-eth0.network'] ?? '', /^VLAN=vlan7$/m);
  });

  it('stand on the card that booted where a VLAN does', () => {
    assert.match(texts('keyfile', everyKind)['luna-storage.nmconnection'] ?? '', /^parent=enp1s0$/m);
    assert.match(texts('ifcfg', everyKind)['ifcfg-storage'] ?? '', /^PHYSDEV=enp1s0$/m);
  });

  it('are looked after by their bond', () => {
    assert.equal(texts('networkd', everyKind)['10-luna-eth1.network'], '[Match]\nName=eth1\n[Network]\nBond=bond0\n');
    assert.equal(texts('keyfile', everyKind)['luna-eth2.nmconnection']?.endsWith('master=bond0\nslave-type=bond\n'), true);
  });

  it('of InfiniBand say so where they must, and how they carry large packets', () => {
    assert.match(texts('keyfile', everyKind)['luna-ib0.nmconnection'] ?? '', /^type=infiniband\n(.*\n)*\[infiniband\]\ntransport-mode=connected\nmtu=65520\n/m);
    assert.match(texts('ifcfg', everyKind)['ifcfg-ib0'] ?? '', /^TYPE=InfiniBand\nCONNECTED_MODE=yes\nMTU=65520\n/m);
    assert.match(texts('keyfile', [card], { device: 'ib0', mac: null })['luna-BOOTIF.nmconnection'] ?? '', /^interface-name=ib0\n(.*\n)*transport-mode=datagram\n\[ipv4\]/m);
  });

  it('take a link-local router', () => {
    const link = { ...bootif, gateway6: 'fe80::1' };

    assert.match(texts('ifcfg', [link])['ifcfg-enp1s0'] ?? '', /^IPV6_DEFAULTGW=fe80::1%enp1s0$/m);
    assert.match(texts('networkd', [link])['10-luna-BOOTIF.network'] ?? '', /^Gateway=fe80::1$/m);
  });

  it('take no address from a router unless they are told to', () => {
    assert.match(texts('networkd', [planned('eth3', { dhcp: true })])['10-luna-eth3.network'] ?? '', /^DHCP=yes\n$/m);
    assert.match(texts('networkd', [planned('eth3', { dhcp: true, ip6: 'fd00::1', prefix6: 64 })])['10-luna-eth3.network'] ?? '', /^DHCP=ipv4\nIPv6AcceptRA=no\n$/m);
  });
});

describe('a resolver', () => {
  it('is told every server and domain once', () => {
    assert.equal(setupOf('networkd', [card, bootif]).resolver, `${NETWORK_MARK}\nsearch cluster example.org\nnameserver 10.30.255.254\nnameserver 10.30.255.253\nnameserver fd00:30::53\n`);
    assert.equal(setupOf('networkd', [planned('eth3', { dhcp: true })]).resolver, null);
  });
});

describe('an image', () => {
  it('that nothing configures is refused with what to do', () => {
    assert.throws(() => networkSetup({ osimage: 'bare', artefact: { network: null }, interfaces: [] }, nic), { code: 'conflict', message: /^osimage bare has none of netplan, .* write none into its \/etc\/luna\/network-style$/, next: 'luna osimage pack bare' });
  });

  it('that was packed by an earlier luna is to be packed again', () => {
    assert.throws(() => networkSetup({ osimage: 'old', artefact: {}, interfaces: [] }, nic), { code: 'conflict', next: 'luna osimage pack old' });
  });
});
