import type { Deployment } from "@pulumi/pulumi/automation";

/** A resource as the state has it. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The dynamic resources in an exported state. */
export function resourcesIn(deployment: Deployment): readonly Resource[] {
  const resources: readonly Resource[] = deployment.deployment?.resources ?? [];
  return resources.filter((resource) => resource.type.startsWith("pulumi-nodejs:dynamic"));
}

/** Checks what the state may say of a provider: one require of our package, and neither logic nor a path of this machine. */
export function expectSmallProviders(resources: readonly Resource[]): void {
  for (const resource of resources) {
    for (const provider of [resource.inputs.__provider, resource.outputs.__provider]) {
      expect(provider).toMatch(/require\("pulumi-freebsd-jails\/build\/provider\/resources\/\w+\.js"\)/);
      expect(String(provider).length).toBeLessThan(1024);
      expect(String(provider)).not.toContain(process.cwd());
    }
  }
}
