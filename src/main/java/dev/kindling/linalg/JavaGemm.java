package dev.kindling.linalg;
/** Plain. */
final class JavaGemm extends Gemm {
    @Override
    public String name() {
        return "java";
    }

    @Override
    void product(
            int m, int n, int k, float[] a, int aOffset, float[] b, int bOffset, float beta, float[] c, int cOffset) {}

    @Override
    void productTransA(
            int m, int n, int k, float[] a, int aOffset, float[] b, int bOffset, float beta, float[] c, int cOffset) {}

    @Override
    void productTransB(
            int m, int n, int k, float[] a, int aOffset, float[] b, int bOffset, float beta, float[] c, int cOffset) {}
}
