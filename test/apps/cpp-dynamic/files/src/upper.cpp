#include <cctype>

extern "C" void change(char *text) {
  for (; *text; text++) *text = static_cast<char>(std::toupper(*text));
}
