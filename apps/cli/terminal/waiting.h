#pragma once

namespace unet::cli {

/// Makes threads that wait for each other sleep after a moment. GCC's OpenMP lets them spin for
/// milliseconds instead: where another program wants the processor, whoever is waited for does not
/// get it, and a step that takes 0.1 s takes 1 s. The OpenMP library reads its settings before main
/// begins, so the program starts itself anew with GOMP_SPINCOUNT set; not where the user chose that
/// or OMP_WAIT_POLICY, nor where it cannot.
void wait_asleep(char** arguments);

}  // namespace unet::cli
