#include <curl/curl.h>
#include <dlfcn.h>
#include <iconv.h>
#include <iostream>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <pwd.h>
#include <string>

std::string greet(const std::string &name);

int main() {
  std::string text = greet("libraries");
  void *plugin = dlopen("/opt/app/plugins/upper.so", RTLD_NOW);
  if (!plugin) return std::cerr << dlerror() << '\n', 1;
  reinterpret_cast<void (*)(char *)>(dlsym(plugin, "change"))(text.data());
  std::cout << text << '\n' << getpwuid(33)->pw_name << '\n';
  std::cout << (OSSL_PROVIDER_load(nullptr, "legacy") ? "legacy" : "no legacy") << '\n';
  std::cout << (iconv_open("UTF-8", "ISO-8859-1") == reinterpret_cast<iconv_t>(-1) ? "no iconv" : "iconv") << '\n';
  CURL *curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_URL, "file:///etc/debian_version");
  return curl_easy_perform(curl);
}
