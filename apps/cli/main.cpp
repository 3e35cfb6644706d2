#include "unet/unet.h"
int main() { return 2; }
