import { refuse } from "./escape";

/** Checks a MAC address that one interface can have, in lower case (ether(4)). */
export function macAddress(value: string): string {
  const mac = value.toLowerCase();
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac))
    refuse(value, "a MAC address", "write six pairs of hexadecimal digits, as “02:00:5e:10:00:01”");
  if (Number.parseInt(mac.slice(0, 2), 16) % 2 === 1)
    refuse(
      value,
      "the MAC address of one interface",
      "the first pair is odd, which is multicast; 02 is a good first one",
    );
  if (mac === "00:00:00:00:00:00") refuse(value, "a MAC address", "it is all zeros");
  return mac;
}
