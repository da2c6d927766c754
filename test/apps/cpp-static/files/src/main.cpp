#include <iostream>
#include <map>
#include <string>

int main(int count, char **words) {
  std::map<std::string, int> lengths;
  for (int at = 1; at < count; at++) lengths[words[at]] = std::string(words[at]).size();
  for (const auto &[word, length] : lengths) std::cout << word << ' ' << length << '\n';
  return 3;
}
