// The entry of a simulated rank: Swift would look for the program's arguments at the process, which is SimGrid's.

extern void _swift_stdlib_overrideUnsafeArgvArgc(char **arguments, int count);
extern int program_main(int count, char **arguments);

int main(int count, char **arguments) {
  _swift_stdlib_overrideUnsafeArgvArgc(arguments, count);
  return program_main(count, arguments);
}
