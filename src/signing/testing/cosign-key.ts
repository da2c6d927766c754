/**
 * A key pair for tests, encrypted as cosign does by other hands: scrypt of Python's hashlib and the secretbox of PyNaCl
 * (libsodium), around a key of OpenSSL.
 */
export const cosignKey = {
  password: 'chisel',
  privateKey: `-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----
eyJrZGYiOnsibmFtZSI6InNjcnlwdCIsInBhcmFtcyI6eyJOIjozMjc2OCwiciI6
OCwicCI6MX0sInNhbHQiOiJBQUVDQXdRRkJnY0lDUW9MREEwT0R4QVJFaE1VRlJZ
WEdCa2FHeHdkSGg4PSJ9LCJjaXBoZXIiOnsibmFtZSI6Im5hY2wvc2VjcmV0Ym94
Iiwibm9uY2UiOiJBQUVDQXdRRkJnY0lDUW9MREEwT0R4QVJFaE1VRlJZWCJ9LCJj
aXBoZXJ0ZXh0IjoieC9wdW9wUnZVdm1lRFhHUUV4SEZzeW9TVnVhVnk2YWpIS1hU
YzIxRCtGMzE0a29zR1d6TDNlWnJFOTFQNFVoeTVXRlJ6b1UySWt3MXF3NTVuU2Z1
cUlXdnRRK25oek16RG1ZRUpFYk5vUWxiRnlTdTNQU0g1UzRsZ1dWSEg3ZkowK0h6
R2pHRitoaDlGNytFK3RVQjBDRjh2RVhNMk5iREJEdVpsTjhTRWNzWU5uRmhzNmlC
VDJNVmYxOFQxMWY0aWx1Rk11dmNOY3BKT1E9PSJ9
-----END ENCRYPTED SIGSTORE PRIVATE KEY-----
`,
  publicKey: `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE6FMtba8YVdFTcd3b87IIuqIIuwdA
p6AsFQk4A+N4YVLuWUWkCuLrWfL7g0fV+z5BO6ngWcy3HeqgITg8iFI+aw==
-----END PUBLIC KEY-----
`,
} as const;
